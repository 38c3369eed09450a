#pragma once

#include "type_table.h"

#include <memory>
#include <unknwn.h>
#include <vector>

namespace callfactory {

class ServedObject;

//! An interface as JavaScript implements it: built once, shared by all objects that have it.
struct VtableLayout {
    std::uint32_t interface_id = 0;
    //! The interface's own IID, then those of its bases without IUnknown.
    std::vector<IID> iids;
    //! By slot, after IUnknown's three; null for a method that cannot be described.
    std::vector<std::shared_ptr<const MethodSignature>> methods;
    //! What JavaScript calls them.
    std::vector<std::uint32_t> method_ids;
    std::vector<void*> slots;
};

//! One interface of one served object; its address is the interface pointer.
struct Facet {
    void* const* vtable;
    ServedObject* owner;
    const VtableLayout* layout;

    IUnknown* pointer() noexcept { return reinterpret_cast<IUnknown*>(this); }
};

//! Fills in `slots`; false when the interface has too many methods.
bool BuildVtable(VtableLayout& layout);

} // namespace callfactory
