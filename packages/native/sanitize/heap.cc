#include "heap.h"

#include "value_memory.h"

#include <cstdio>
#include <cstdlib>
#include <objbase.h>
#include <oleauto.h>
#include <unordered_set>

// Windows' allocators: each gives back only what it has given, once.

namespace sanitize {

namespace {

std::unordered_set<void*> blocks;
std::unordered_set<void*> strings;
std::size_t resting = 0;

} // namespace

Resting* NewResting()
{
    resting++;
    return new Resting();
}

std::size_t Alive() { return blocks.size() + strings.size() + resting; }

void Expect(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "failed: %s\n", what);
    std::abort();
}

} // namespace sanitize

void* CoTaskMemAlloc(SIZE_T bytes)
{
    void* const memory = std::malloc(bytes);
    sanitize::blocks.insert(memory);
    return memory;
}

void CoTaskMemFree(void* memory)
{
    if (memory == nullptr)
        return;
    sanitize::Expect(sanitize::blocks.erase(memory) == 1, "a block is freed once");
    std::free(memory);
}

BSTR SysAllocStringLen(const char16_t*, UINT length)
{
    auto* const text = static_cast<BSTR>(std::calloc(length + 1u, sizeof(char16_t)));
    sanitize::strings.insert(text);
    return text;
}

void SysFreeString(BSTR text)
{
    if (text == nullptr)
        return;
    sanitize::Expect(sanitize::strings.erase(text) == 1, "a BSTR is freed once");
    std::free(text);
}

namespace callfactory {

void ReleaseAtRest(void* object) noexcept
{
    auto* const released = static_cast<sanitize::Resting*>(object);
    sanitize::Expect(--released->references == 0, "a pointer is released once");
    sanitize::resting--;
    delete released;
}

} // namespace callfactory
