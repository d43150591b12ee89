// TorchScript modules: loaded, run, listed; never trained.
#include <torch/script.h>

#include <sstream>

#include "values.h"

using namespace torchshim;

namespace {
torch::jit::Module& module_of(void* handle) { return *static_cast<torch::jit::Module*>(handle); }
}  // namespace

int torchshim_module_load(const char* path, int device_type, int device_index, void** module) {
  return guarded([&] { *module = new torch::jit::Module(torch::jit::load(std::string(path), device_of(device_type, device_index))); });
}

int torchshim_module_load_bytes(const char* bytes, int64_t count, int device_type, int device_index, void** module) {
  return guarded([&] {
    std::istringstream stream(std::string(bytes, static_cast<size_t>(count)));
    *module = new torch::jit::Module(torch::jit::load(stream, device_of(device_type, device_index)));
  });
}

void torchshim_module_free(void* module) { delete static_cast<torch::jit::Module*>(module); }

int torchshim_module_call(void* module, const char* method, const Value* arguments, int count, Value* result) {
  return guarded([&] {
    std::vector<c10::IValue> inputs;
    for (int i = 0; i < count; i++) inputs.push_back(plain(arguments[i]));
    describe(module_of(module).get_method(method)(std::move(inputs)), result);
  });
}

int torchshim_module_train(void* module, int training) {
  return guarded([&] { module_of(module).train(training != 0); });
}

int torchshim_module_is_training(void* module, int* training) {
  return guarded([&] { *training = module_of(module).is_training(); });
}

int torchshim_module_to(void* module, int device_type, int device_index) {
  return guarded([&] { module_of(module).to(device_of(device_type, device_index)); });
}

int torchshim_module_tensors(void* module, int buffers, Value* tensors, Value* names) {
  return guarded([&] {
    std::vector<at::Tensor> list;
    results.text.clear();
    auto add = [&](const auto& entry) {
      results.text += entry.name + "\n";
      list.push_back(entry.value);
    };
    if (buffers) {
      for (const auto& entry : module_of(module).named_buffers()) add(entry);
    } else {
      for (const auto& entry : module_of(module).named_parameters()) add(entry);
    }
    release_list(list, Kind::TensorList, tensors);
    names->kind = Kind::String;
    names->count = static_cast<int32_t>(results.text.size());
    names->pointer = results.text.data();
  });
}
