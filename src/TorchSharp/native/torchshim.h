// The C interface between the C# binding and libtorch.
//
// A tensor handle is a TensorImpl* that owns one reference. Functions return 0, or 1 after an exception whose
// message torchshim_error() returns; the message, and every list that a result points to, belongs to the calling
// thread and is valid until its next call.
#pragma once

#include <cstdint>

enum class Kind : int32_t {
  None = 0,        // nothing: None, or the argument's default where None does not fit
  Tensor = 1,      // handle; null is the undefined tensor
  Int = 2,         // integer; also ScalarType, MemoryFormat ...
  Double = 3,      // real
  Bool = 4,        // integer, 0 or 1
  IntList = 5,     // count integers
  DoubleList = 6,  // count doubles
  TensorList = 7,  // count handles; null stands for None or an undefined tensor
  String = 8,      // count bytes of UTF-8
  Device = 9,      // count is the type, integer the index (-1: the current one)
  Generator = 10,  // at::Generator*
  Tuple = 11,      // results only: count handles
  BoolList = 12,   // count bytes, 0 or 1
};

struct Value {
  Kind kind;
  int32_t count;
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};

struct TensorInfo {
  int64_t dimensions;
  const int64_t* sizes;
  const int64_t* strides;  // null where the layout has none
  int64_t elements;
  int64_t bytes;  // of the storage, which views share
  int32_t type;
  int32_t element_size;
  int32_t device_type;
  int32_t device_index;
  int32_t requires_grad;
  int32_t contiguous;
};

extern "C" {

#define TORCHSHIM __attribute__((visibility("default")))

// Start-up and errors
TORCHSHIM int torchshim_initialise(int threads);
// A thread that is inside libtorch while the static objects of the libraries are destroyed crashes the process.
// Called when the process is about to exit, this registers, as the last and so the first to run, a handler that ends
// it before that.
TORCHSHIM void torchshim_before_exit();
TORCHSHIM const char* torchshim_error();
TORCHSHIM const char* torchshim_version();

// Operators: found once by "name" or "name.overload" below aten::, then called with positional arguments.
TORCHSHIM int torchshim_operator(const char* name, void** found);
TORCHSHIM int torchshim_call(void* found, const Value* arguments, int count, Value* results, int capacity, int* returned);

// Tensors
TORCHSHIM void torchshim_tensor_free(void* tensor);
TORCHSHIM int torchshim_tensor_info(void* tensor, TensorInfo* info);
TORCHSHIM int torchshim_tensor_data(void* tensor, void** data);
TORCHSHIM int torchshim_tensor_alias(void* tensor, void** alias);

// Autograd
TORCHSHIM int torchshim_is_leaf(void* tensor, int* leaf);
TORCHSHIM int torchshim_set_requires_grad(void* tensor, int requires_grad);
TORCHSHIM int torchshim_retain_grad(void* tensor);
TORCHSHIM int torchshim_get_grad(void* tensor, void** grad);
TORCHSHIM int torchshim_set_grad(void* tensor, void* grad);
TORCHSHIM int torchshim_backward(const Value* tensors, const Value* grads, const Value* inputs, int retain_graph, int create_graph);
TORCHSHIM int torchshim_grad(const Value* outputs, const Value* inputs, const Value* grads, int retain_graph, int create_graph,
                             int allow_unused, Value* results);
TORCHSHIM int torchshim_grad_mode();
TORCHSHIM void torchshim_set_grad_mode(int enabled);
TORCHSHIM int torchshim_is_inference_mode();
TORCHSHIM int torchshim_enter_inference_mode(int enabled, void** guard);
TORCHSHIM void torchshim_leave_inference_mode(void* guard);

// Random numbers
TORCHSHIM int torchshim_manual_seed(int64_t seed);
TORCHSHIM int torchshim_generator(int device_type, int device_index, void** generator);
TORCHSHIM int torchshim_generator_new(int64_t seed, int device_type, int device_index, void** generator);
TORCHSHIM void torchshim_generator_free(void* generator);
TORCHSHIM int torchshim_generator_seed(void* generator, int64_t seed);
TORCHSHIM int torchshim_generator_initial_seed(void* generator, int64_t* seed);
TORCHSHIM int torchshim_generator_get_state(void* generator, void** state);
TORCHSHIM int torchshim_generator_set_state(void* generator, void* state);

// Threads, devices, determinism
TORCHSHIM int torchshim_get_threads();
TORCHSHIM int torchshim_set_threads(int count);
TORCHSHIM int torchshim_get_interop_threads();
TORCHSHIM int torchshim_set_interop_threads(int count);
TORCHSHIM int torchshim_cuda_devices(int* count, int* cudnn);
TORCHSHIM int torchshim_cuda_synchronize(int device_index);
TORCHSHIM int torchshim_deterministic();
TORCHSHIM int torchshim_set_deterministic(int enabled, int warn_only);

// TorchScript
TORCHSHIM int torchshim_module_load(const char* path, int device_type, int device_index, void** module);
TORCHSHIM int torchshim_module_load_bytes(const char* bytes, int64_t count, int device_type, int device_index, void** module);
TORCHSHIM void torchshim_module_free(void* module);
TORCHSHIM int torchshim_module_call(void* module, const char* method, const Value* arguments, int count, Value* result);
TORCHSHIM int torchshim_module_train(void* module, int training);
TORCHSHIM int torchshim_module_is_training(void* module, int* training);
TORCHSHIM int torchshim_module_to(void* module, int device_type, int device_index);
// The parameters, or the buffers; names come as one string, a line each.
TORCHSHIM int torchshim_module_tensors(void* module, int buffers, Value* tensors, Value* names);
}
