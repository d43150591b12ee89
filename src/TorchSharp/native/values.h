// Between the C interface's tagged values and libtorch's IValues.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <torch/version.h>

#include <optional>
#include <string>
#include <vector>

#include "torchshim.h"

namespace torchshim {

// libtorch's own optional until 2.3, the standard one afterwards.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
template <class T>
using Optional = std::optional<T>;
#else
template <class T>
using Optional = c10::optional<T>;
#endif

// Lists that results point to: valid until the thread's next call.
struct Results {
  std::vector<void*> handles;
  std::vector<int64_t> integers;
  std::vector<double> reals;
  std::string text;
};
inline thread_local Results results;
inline thread_local std::string error;

// Runs the body, turning an exception into a code and a message without libtorch's own stack trace.
template <class Body>
int guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    error = e.what();
  } catch (...) {
    error = "libtorch threw something that is no exception";
  }
  return 1;
}

// The tensor behind a handle, sharing its reference count.
inline at::Tensor borrow(void* handle) {
  if (handle == nullptr) return at::Tensor();
  auto* impl = static_cast<c10::TensorImpl*>(handle);
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(impl));
}

// A handle that owns one reference; null for the undefined tensor.
inline void* release(at::Tensor&& tensor) {
  return tensor.defined() ? static_cast<void*>(tensor.unsafeReleaseTensorImpl()) : nullptr;
}

inline c10::Device device_of(int type, int64_t index) {
  return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

inline std::vector<at::Tensor> tensors_of(const Value& value) {
  auto handles = static_cast<void**>(value.pointer);
  std::vector<at::Tensor> tensors;
  tensors.reserve(value.count);
  for (int i = 0; i < value.count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}

inline void release_list(const std::vector<at::Tensor>& tensors, Kind kind, Value* out) {
  results.handles.clear();
  for (const at::Tensor& tensor : tensors) results.handles.push_back(release(at::Tensor(tensor)));
  out->kind = kind;
  out->count = static_cast<int32_t>(results.handles.size());
  out->pointer = results.handles.data();
}

// What a result says in the C interface's terms.
inline void describe(c10::IValue&& value, Value* out) {
  *out = Value{Kind::None, 0, {0}};
  if (value.isTensor()) {
    out->kind = Kind::Tensor;
    out->pointer = release(std::move(value).toTensor());
  } else if (value.isInt()) {
    out->kind = Kind::Int;
    out->integer = value.toInt();
  } else if (value.isDouble()) {
    out->kind = Kind::Double;
    out->real = value.toDouble();
  } else if (value.isBool()) {
    out->kind = Kind::Bool;
    out->integer = value.toBool();
  } else if (value.isTensorList()) {
    release_list(value.toTensorVector(), Kind::TensorList, out);
  } else if (value.isTuple()) {
    std::vector<at::Tensor> tensors;
    for (const c10::IValue& element : value.toTupleRef().elements()) tensors.push_back(element.toTensor());
    release_list(tensors, Kind::Tuple, out);
  } else if (value.isList()) {
    std::vector<at::Tensor> tensors;
    for (const c10::IValue& element : value.toListRef()) tensors.push_back(element.toTensor());
    release_list(tensors, Kind::TensorList, out);
  } else if (!value.isNone()) {
    TORCH_CHECK(false, "A result of type ", value.tagKind(), " has no counterpart in C#.");
  }
}

// A value taken as it is, for callees that have no schema to go by (TorchScript methods).
c10::IValue plain(const Value& value);

}  // namespace torchshim
