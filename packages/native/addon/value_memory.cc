#include "value_memory.h"

#include "object_ref.h"

#include <cstring>
#include <oleauto.h>

namespace callfactory {

void* AllocateZeroed(std::uint64_t size_bytes) noexcept
{
    if (size_bytes > kMaxArrayBytes)
        return nullptr;
    // One byte at least: an empty array still has an address.
    const SIZE_T size = size_bytes == 0 ? 1 : static_cast<SIZE_T>(size_bytes);
    void* const memory = CoTaskMemAlloc(size);
    if (memory != nullptr)
        std::memset(memory, 0, size);
    return memory;
}

namespace {

void FreeElements(const MethodSignature& method, const TypeNode& array, void* elements,
    std::uint64_t count) noexcept
{
    const TypeNode& element = method.node(array.target);
    if (!element.owns)
        return;
    auto* place = static_cast<std::byte*>(elements);
    for (std::uint64_t i = 0; i < count; i++, place += element.size_bytes)
        FreeValue(method, element, place, 0);
}

} // namespace

void FreeValue(
    const MethodSignature& method, const TypeNode& type, void* place, std::uint32_t count) noexcept
{
    if (!type.owns)
        return;
    void** const pointer = static_cast<void**>(place);
    switch (type.kind) {
    case TypeKind::kString:
        CoTaskMemFree(*pointer);
        break;
    case TypeKind::kBstr:
        SysFreeString(static_cast<BSTR>(*pointer));
        break;
    case TypeKind::kInterface:
        if (*pointer != nullptr)
            static_cast<ObjectRef*>(*pointer)->Release();
        break;
    case TypeKind::kPointer:
        if (*pointer != nullptr)
            FreeValue(method, method.node(type.target), *pointer, count);
        CoTaskMemFree(*pointer);
        break;
    case TypeKind::kStruct:
        for (const StructField& field : type.fields)
            FreeValue(method, method.node(field.node),
                static_cast<std::byte*>(place) + field.offset_bytes, 0);
        return;
    case TypeKind::kArray:
        return FreeElements(method, type, place, ElementCount(type, count));
    default:
        return;
    }
    *pointer = nullptr;
}

void VisitInterfaces(const MethodSignature& method, const TypeNode& type, void* place,
    std::uint32_t count, InterfaceVisitor& visitor) noexcept
{
    if (!type.has_interfaces)
        return;
    void** const pointer = static_cast<void**>(place);
    switch (type.kind) {
    case TypeKind::kInterface:
        if (*pointer != nullptr)
            visitor.Visit(type, pointer);
        return;
    case TypeKind::kPointer:
        if (*pointer != nullptr)
            VisitInterfaces(method, method.node(type.target), *pointer, count, visitor);
        return;
    case TypeKind::kStruct:
        for (const StructField& field : type.fields)
            VisitInterfaces(method, method.node(field.node),
                static_cast<std::byte*>(place) + field.offset_bytes, 0, visitor);
        return;
    case TypeKind::kArray: {
        const TypeNode& element = method.node(type.target);
        auto* each = static_cast<std::byte*>(place);
        const std::uint64_t length = ElementCount(type, count);
        for (std::uint64_t i = 0; i < length; i++, each += element.size_bytes)
            VisitInterfaces(method, element, each, 0, visitor);
        return;
    }
    default:
        return;
    }
}

} // namespace callfactory
