#pragma once

#include <cstddef>
#include <new>
#include <unknwn.h>
#include <utility>

namespace callfactory {

//! One counted reference to a COM object, or to anything with AddRef and Release.
template <class T> class com_ptr {
public:
    com_ptr() noexcept = default;
    com_ptr(std::nullptr_t) noexcept { }
    //! Shares `pointer` (AddRef).
    com_ptr(T* pointer) noexcept
        : pointer_(pointer)
    {
        if (pointer_ != nullptr)
            pointer_->AddRef();
    }
    com_ptr(const com_ptr& other) noexcept
        : com_ptr(other.pointer_)
    {
    }
    com_ptr(com_ptr&& other) noexcept
        : pointer_(std::exchange(other.pointer_, nullptr))
    {
    }
    ~com_ptr() { reset(); }

    com_ptr& operator=(com_ptr other) noexcept
    {
        std::swap(pointer_, other.pointer_);
        return *this;
    }

    //! Takes ownership (does not AddRef).
    static com_ptr attach(T* pointer) noexcept
    {
        com_ptr taken;
        taken.pointer_ = pointer;
        return taken;
    }

    //! Gives ownership away (does not Release).
    T* detach() noexcept { return std::exchange(pointer_, nullptr); }

    //! Gives the reference up (Release). The member is null before Release runs.
    void reset() noexcept
    {
        if (T* last = detach())
            last->Release();
    }

    //! Borrows the pointer.
    T* get() const noexcept { return pointer_; }
    T* operator->() const noexcept { return pointer_; }
    T& operator*() const noexcept { return *pointer_; }
    explicit operator bool() const noexcept { return pointer_ != nullptr; }

    //! A place for an out-parameter that comes AddRef'd; gives up what was held.
    T** put() noexcept
    {
        reset();
        return &pointer_;
    }
    void** put_void() noexcept { return reinterpret_cast<void**>(put()); }
    IUnknown** put_unknown() noexcept { return reinterpret_cast<IUnknown**>(put()); }

    //! QueryInterface for `U` (AddRef'd into `other`).
    template <class U> HRESULT query_to(com_ptr<U>& other) const noexcept
    {
        return pointer_->QueryInterface(__uuidof(U), other.put_void());
    }

private:
    T* pointer_ = nullptr;
};

//! Constructs a counted object that starts with one reference; null when memory is out.
template <class T, class... A> com_ptr<T> make_counted(A&&... arguments)
{
    return com_ptr<T>::attach(new (std::nothrow) T(std::forward<A>(arguments)...));
}

} // namespace callfactory
