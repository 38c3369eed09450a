#include "value_memory.h"

#include <cstring>
#include <objbase.h>
#include <oleauto.h>
#include <utility>

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

ValueFreer::~ValueFreer()
{
    for (void* const block : blocks_)
        CoTaskMemFree(block);
}

void ValueFreer::OnInterface(const TypeNode&, const IID&, void** place) noexcept
{
    ReleaseAtRest(std::exchange(*place, nullptr));
}

void ValueFreer::OnMemory(const TypeNode& type, void** place) noexcept
{
    switch (type.kind) {
    case TypeKind::kBstr:
        return SysFreeString(static_cast<BSTR>(std::exchange(*place, nullptr)));
    case TypeKind::kString:
        return CoTaskMemFree(std::exchange(*place, nullptr));
    default:
        // Counts may be behind it, and whoever else leads here must find that it was seen.
        blocks_.push_back(*place);
    }
}

} // namespace callfactory
