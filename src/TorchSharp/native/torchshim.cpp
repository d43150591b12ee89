// Tensors, autograd, random numbers, threads and devices.
#include "torchshim.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Logging.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <dlfcn.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "values.h"

using namespace torchshim;

int torchshim_initialise(int threads) {
  return guarded([&] {
    // Kernels for CUDA register themselves when their library is loaded; nothing links against it by name.
    dlopen("libtorch_cuda.so", RTLD_LAZY | RTLD_GLOBAL);
    // A failing operator would spend milliseconds on a native stack trace that nobody is shown.
    c10::SetStackTraceFetcher(std::function<std::string()>([] { return std::string(); }));
    // Activations are freed and allocated again at every step: keep their pages instead of returning them.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    if (std::getenv("OMP_NUM_THREADS") == nullptr) at::set_num_threads(threads);
  });
}

void torchshim_before_exit() {
  on_exit(
      [](int status, void*) {
        std::fflush(nullptr);
        _exit(status);
      },
      nullptr);
}

const char* torchshim_error() { return error.c_str(); }

const char* torchshim_version() { return TORCH_VERSION; }

void torchshim_tensor_free(void* tensor) {
  c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(static_cast<c10::TensorImpl*>(tensor));
}

int torchshim_tensor_info(void* handle, TensorInfo* info) {
  return guarded([&] {
    auto& impl = *static_cast<c10::TensorImpl*>(handle);
    bool strided = impl.layout() == c10::kStrided;
    c10::Device device = impl.device();
    info->dimensions = impl.dim();
    info->sizes = impl.sizes().data();
    info->strides = strided ? impl.strides().data() : nullptr;
    info->elements = impl.numel();
    info->bytes = impl.has_storage() ? static_cast<int64_t>(impl.storage().nbytes()) : 0;
    info->type = static_cast<int32_t>(c10::typeMetaToScalarType(impl.dtype()));
    info->element_size = static_cast<int32_t>(impl.itemsize());
    info->device_type = static_cast<int32_t>(device.type());
    info->device_index = device.index();
    info->requires_grad = impl.requires_grad();
    info->contiguous = strided && impl.is_contiguous();
  });
}

int torchshim_tensor_data(void* tensor, void** data) {
  return guarded([&] { *data = borrow(tensor).data_ptr(); });
}

int torchshim_tensor_alias(void* tensor, void** alias) {
  return guarded([&] { *alias = release(borrow(tensor)); });
}

int torchshim_is_leaf(void* tensor, int* leaf) {
  return guarded([&] { *leaf = borrow(tensor).is_leaf(); });
}

int torchshim_set_requires_grad(void* tensor, int requires_grad) {
  return guarded([&] { borrow(tensor).set_requires_grad(requires_grad != 0); });
}

int torchshim_retain_grad(void* tensor) {
  return guarded([&] { borrow(tensor).retain_grad(); });
}

int torchshim_get_grad(void* tensor, void** grad) {
  return guarded([&] { *grad = release(at::Tensor(borrow(tensor).grad())); });
}

int torchshim_set_grad(void* tensor, void* grad) {
  return guarded([&] { borrow(tensor).mutable_grad() = borrow(grad); });
}

int torchshim_backward(const Value* tensors, const Value* grads, const Value* inputs, int retain_graph, int create_graph) {
  return guarded([&] {
    torch::autograd::backward(tensors_of(*tensors), tensors_of(*grads), retain_graph != 0, create_graph != 0, tensors_of(*inputs));
  });
}

int torchshim_grad(const Value* outputs, const Value* inputs, const Value* grads, int retain_graph, int create_graph,
                   int allow_unused, Value* out) {
  return guarded([&] {
    release_list(torch::autograd::grad(tensors_of(*outputs), tensors_of(*inputs), tensors_of(*grads), retain_graph != 0,
                                       create_graph != 0, allow_unused != 0),
                 Kind::TensorList, out);
  });
}

int torchshim_grad_mode() { return c10::GradMode::is_enabled(); }

void torchshim_set_grad_mode(int enabled) { c10::GradMode::set_enabled(enabled != 0); }

int torchshim_is_inference_mode() { return c10::InferenceMode::is_enabled(); }

int torchshim_enter_inference_mode(int enabled, void** guard) {
  return guarded([&] { *guard = new c10::InferenceMode(enabled != 0); });
}

void torchshim_leave_inference_mode(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

int torchshim_manual_seed(int64_t seed) {
  return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

int torchshim_generator(int device_type, int device_index, void** generator) {
  return guarded([&] { *generator = new at::Generator(at::globalContext().defaultGenerator(device_of(device_type, device_index))); });
}

int torchshim_generator_new(int64_t seed, int device_type, int device_index, void** generator) {
  return guarded([&] {
    at::Generator fresh = at::globalContext().defaultGenerator(device_of(device_type, device_index)).clone();
    fresh.set_current_seed(static_cast<uint64_t>(seed));
    *generator = new at::Generator(fresh);
  });
}

void torchshim_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

int torchshim_generator_seed(void* generator, int64_t seed) {
  return guarded([&] { static_cast<at::Generator*>(generator)->set_current_seed(static_cast<uint64_t>(seed)); });
}

int torchshim_generator_initial_seed(void* generator, int64_t* seed) {
  return guarded([&] { *seed = static_cast<int64_t>(static_cast<at::Generator*>(generator)->current_seed()); });
}

int torchshim_generator_get_state(void* generator, void** state) {
  return guarded([&] { *state = release(static_cast<at::Generator*>(generator)->get_state()); });
}

int torchshim_generator_set_state(void* generator, void* state) {
  return guarded([&] { static_cast<at::Generator*>(generator)->set_state(borrow(state)); });
}

int torchshim_get_threads() { return at::get_num_threads(); }

int torchshim_set_threads(int count) {
  return guarded([&] { at::set_num_threads(count); });
}

int torchshim_get_interop_threads() { return at::get_num_interop_threads(); }

int torchshim_set_interop_threads(int count) {
  return guarded([&] { at::set_num_interop_threads(count); });
}

int torchshim_cuda_devices(int* count, int* cudnn) {
  return guarded([&] {
    const auto& hooks = at::detail::getCUDAHooks();
    *count = hooks.hasCUDA() ? static_cast<int>(hooks.getNumGPUs()) : 0;
    *cudnn = *count > 0 && hooks.hasCuDNN();
  });
}

int torchshim_cuda_synchronize(int device_index) {
  return guarded([&] { at::detail::getCUDAHooks().deviceSynchronize(static_cast<c10::DeviceIndex>(device_index)); });
}

int torchshim_deterministic() { return at::globalContext().deterministicAlgorithms(); }

int torchshim_set_deterministic(int enabled, int warn_only) {
  return guarded([&] { at::globalContext().setDeterministicAlgorithms(enabled != 0, warn_only != 0); });
}
