// Any ATen operator by name: the schema says how to read the arguments.
#include <ATen/core/dispatch/Dispatcher.h>

#include "values.h"

namespace torchshim {
namespace {

struct Parameter {
  c10::TypeKind kind;
  c10::TypeKind element;  // of a list
  bool optional;
  bool optional_element;
  int32_t length;  // a lone number stands for a list of this length
  bool has_default;
  c10::IValue fallback;
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
};

c10::TypePtr unwrap(const c10::TypePtr& type, bool* optional) {
  auto inner = type->cast<c10::OptionalType>();
  *optional = inner != nullptr;
  return inner ? inner->getElementType() : type;
}

Parameter read(const c10::Argument& argument) {
  Parameter parameter{};
  c10::TypePtr type = unwrap(argument.type(), &parameter.optional);
  parameter.kind = parameter.element = type->kind();
  if (auto list = type->cast<c10::ListType>()) {
    parameter.element = unwrap(list->getElementType(), &parameter.optional_element)->kind();
  }
  parameter.length = argument.N() ? *argument.N() : 1;
  parameter.has_default = static_cast<bool>(argument.default_value());
  if (parameter.has_default) parameter.fallback = *argument.default_value();
  return parameter;
}

template <class T>
c10::List<T> copies(T value, int32_t count) {
  c10::List<T> list;
  for (int32_t i = 0; i < count; i++) list.push_back(value);
  return list;
}

template <class T, class Source>
c10::List<T> list_of(const Value& value) {
  auto source = static_cast<const Source*>(value.pointer);
  c10::List<T> list;
  list.reserve(value.count);
  for (int32_t i = 0; i < value.count; i++) list.push_back(static_cast<T>(source[i]));
  return list;
}

double real(const Value& value) { return value.kind == Kind::Double ? value.real : static_cast<double>(value.integer); }

c10::IValue list(const Value& value, const Parameter& parameter) {
  switch (parameter.element) {
    case c10::TypeKind::IntType:
      if (value.kind == Kind::IntList) return list_of<int64_t, int64_t>(value);
      if (value.kind == Kind::Int) return copies<int64_t>(value.integer, parameter.length);
      break;
    case c10::TypeKind::FloatType:
      if (value.kind == Kind::DoubleList) return list_of<double, double>(value);
      if (value.kind == Kind::IntList) return list_of<double, int64_t>(value);
      if (value.kind == Kind::Double || value.kind == Kind::Int) return copies<double>(real(value), parameter.length);
      break;
    case c10::TypeKind::BoolType:
      if (value.kind == Kind::BoolList) return list_of<bool, uint8_t>(value);
      break;
    case c10::TypeKind::TensorType:
      if (value.kind == Kind::TensorList && parameter.optional_element) {
        auto handles = static_cast<void**>(value.pointer);
        c10::List<Optional<at::Tensor>> tensors;
        tensors.reserve(value.count);
        for (int32_t i = 0; i < value.count; i++) {
          tensors.push_back(handles[i] ? Optional<at::Tensor>(borrow(handles[i])) : Optional<at::Tensor>());
        }
        return tensors;
      }
      if (value.kind == Kind::TensorList) return tensors_of(value);
      break;
    default:
      break;
  }
  TORCH_CHECK(false, "value of kind ", static_cast<int>(value.kind), " given for a list");
}

c10::IValue marshal(const Value& value, const Parameter& parameter) {
  if (value.kind == Kind::None) {
    if (parameter.optional || !parameter.has_default) return c10::IValue();
    return parameter.fallback;
  }
  switch (parameter.kind) {
    case c10::TypeKind::TensorType:
      if (value.kind == Kind::Tensor) return borrow(value.pointer);
      break;
    case c10::TypeKind::IntType:
      if (value.kind == Kind::Int || value.kind == Kind::Bool) return value.integer;
      break;
    case c10::TypeKind::FloatType:
      if (value.kind == Kind::Double || value.kind == Kind::Int) return real(value);
      break;
    case c10::TypeKind::BoolType:
      if (value.kind == Kind::Bool || value.kind == Kind::Int) return value.integer != 0;
      break;
    case c10::TypeKind::NumberType:
      if (value.kind == Kind::Double) return value.real;
      if (value.kind == Kind::Int) return value.integer;
      if (value.kind == Kind::Bool) return value.integer != 0;
      break;
    case c10::TypeKind::StringType:
      if (value.kind == Kind::String) return std::string(static_cast<const char*>(value.pointer), value.count);
      break;
    case c10::TypeKind::DeviceObjType:
      if (value.kind == Kind::Device) return device_of(value.count, value.integer);
      break;
    case c10::TypeKind::GeneratorType:
      if (value.kind == Kind::Generator) return *static_cast<at::Generator*>(value.pointer);
      break;
    case c10::TypeKind::ListType:
      return list(value, parameter);
    default:
      break;
  }
  TORCH_CHECK(false, "value of kind ", static_cast<int>(value.kind), " given for an argument of kind ", c10::typeKindToString(parameter.kind));
}

}  // namespace

c10::IValue plain(const Value& value) {
  switch (value.kind) {
    case Kind::Tensor:
      return borrow(value.pointer);
    case Kind::Int:
      return value.integer;
    case Kind::Double:
      return value.real;
    case Kind::Bool:
      return value.integer != 0;
    case Kind::String:
      return std::string(static_cast<const char*>(value.pointer), value.count);
    case Kind::TensorList:
      return tensors_of(value);
    case Kind::IntList:
      return list_of<int64_t, int64_t>(value);
    default:
      return c10::IValue();
  }
}

}  // namespace torchshim

using namespace torchshim;

int torchshim_operator(const char* name, void** found) {
  return guarded([&] {
    std::string full = std::string("aten::") + name;
    std::string overload;
    size_t dot = full.find('.');
    if (dot != std::string::npos) {
      overload = full.substr(dot + 1);
      full.resize(dot);
    }
    auto handle = c10::Dispatcher::singleton().findSchema({full, overload});
    TORCH_CHECK(handle, "This libtorch has no operator ", full, overload.empty() ? "" : ".", overload, ".");
    auto* result = new Operator{*handle, {}};
    for (const c10::Argument& argument : handle->schema().arguments()) result->parameters.push_back(read(argument));
    *found = result;
  });
}

int torchshim_call(void* found, const Value* arguments, int count, Value* out, int capacity, int* returned) {
  return guarded([&] {
    auto& op = *static_cast<Operator*>(found);
    size_t given = static_cast<size_t>(count);
    TORCH_CHECK(given <= op.parameters.size(), op.handle.schema().name(), " takes ", op.parameters.size(), " arguments, not ", count);
    std::vector<c10::IValue> stack;
    stack.reserve(op.parameters.size());
    for (size_t i = 0; i < op.parameters.size(); i++) {
      const Parameter& parameter = op.parameters[i];
      if (i < given) {
        stack.push_back(marshal(arguments[i], parameter));
      } else {
        stack.push_back(parameter.has_default ? parameter.fallback : c10::IValue());
      }
    }
    op.handle.callBoxed(&stack);
    *returned = static_cast<int>(stack.size());
    for (size_t i = 0; i < stack.size() && i < static_cast<size_t>(capacity); i++) describe(std::move(stack[i]), &out[i]);
  });
}
