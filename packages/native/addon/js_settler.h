#pragma once

#include "apartment_thread.h"

#include <memory>
#include <napi.h>

namespace callfactory {

class JsSettler;

//! Work that JavaScript asked for under a ticket: runs in an apartment, settles on the JavaScript
//! thread.
class Operation : public Task {
public:
    Operation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket) noexcept;

    void Run() noexcept override;
    void Abandon(HRESULT hr) noexcept final;

    //! The outcome for JavaScript; called only when `hr` is a success. JavaScript thread.
    virtual Napi::Value Result(Napi::Env env);

    std::uint32_t ticket() const noexcept { return ticket_; }
    HRESULT hr() const noexcept { return hr_; }

protected:
    //! Does the work. Apartment thread.
    virtual HRESULT Execute() noexcept = 0;
    //! Hands the operation itself to the JavaScript thread; `this` is gone afterwards. Any thread.
    void Settle(HRESULT hr) noexcept;

private:
    std::shared_ptr<JsSettler> settler_;
    std::uint32_t ticket_;
    HRESULT hr_ = E_PENDING;
};

//! The one way from apartment threads to JavaScript: completions queue up and one wake takes them
//! all.
class JsSettler : public std::enable_shared_from_this<JsSettler> {
public:
    //! Opens the gate; `on_batch` gets an array of (ticket, hr, value) triples. JavaScript thread.
    static std::shared_ptr<JsSettler> Create(Napi::Env env, Napi::Function on_batch);
    ~JsSettler();

    //! True on the thread that JavaScript runs on.
    bool IsJsThread() const noexcept { return GetCurrentThreadId() == thread_id_; }
    //! Takes ownership of `operation`; drops it when the gate is closed. Any thread.
    void Post(Operation* operation) noexcept;
    //! Closes the gate, for good: JavaScript is going away. JavaScript thread.
    void Close() noexcept;
    //! Keeps the event loop alive until as many calls of Unhold. JavaScript thread.
    void Hold(Napi::Env env) noexcept;
    void Unhold(Napi::Env env) noexcept;

private:
    static void OnWake(napi_env env, napi_value on_batch, void* context, void* data) noexcept;
    void Drain(Napi::Env env, Napi::Function on_batch) noexcept;

    const DWORD thread_id_ = GetCurrentThreadId();
    SrwLock lock_;
    TaskList settled_;
    napi_threadsafe_function wake_ = nullptr;
    bool closed_ = false;
    std::uint32_t holds_ = 0;
};

} // namespace callfactory
