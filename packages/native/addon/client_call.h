#pragma once

#include "call_frame.h"
#include "com_ptr.h"
#include "js_settler.h"
#include "outer_object.h"
#include "signal_wait.h"

#include <memory>
#include <optional>
#include <vector>

namespace callfactory {

class ClientCall;

//! Begin_ of one method.
class BeginOperation final : public Operation {
public:
    BeginOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ClientCall> call, std::unique_ptr<CallFrame> frame) noexcept;
    void Run() noexcept override;

private:
    HRESULT Execute() noexcept override;

    com_ptr<ClientCall> call_;
    std::unique_ptr<CallFrame> frame_;
};

//! Finish_ of one method; waits in its call object, not on a thread, until the call is signaled.
class FinishOperation final : public Operation {
public:
    FinishOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ClientCall> call, std::unique_ptr<CallFrame> frame) noexcept;
    void Run() noexcept override;
    Napi::Value Result(Napi::Env env) override { return frame_->Unpack(env, method_hr_); }

private:
    friend class ClientCall;
    HRESULT Execute() noexcept override;

    com_ptr<ClientCall> call_;
    std::unique_ptr<CallFrame> frame_;
    HRESULT method_hr_ = E_PENDING;
};

//! Tells JavaScript that the call was signaled.
class SignalWatch final : public Operation {
public:
    using Operation::Operation;

private:
    HRESULT Execute() noexcept override { return S_OK; }
};

//! A client call object: one call at a time, on behalf of JavaScript.
class ClientCall final : public Resident, public SignalListener {
public:
    explicit ClientCall(std::shared_ptr<Apartment> apartment) noexcept;
    ~ClientCall() override;

    //! ICallFactory::CreateCall on `server` with our outer object (CALL-01, CALL-07), which tells
    //! `hooks`, null for none. Apartment thread.
    HRESULT Create(IUnknown* server, const IID& async_iid, IUnknown* hooks) noexcept;
    //! Calls Begin_; RPC_S_CALLPENDING while a call is open (BEG-05, BEG-06). Apartment thread.
    HRESULT Begin(CallFrame& frame) noexcept;
    //! Tells those who wait of a signal that came inside Begin_. Apartment thread.
    void AfterBegin() noexcept;
    //! Settles `operation` now, or when the call is signaled (FIN-02, FIN-03). Apartment thread.
    void Finish(FinishOperation* operation) noexcept;
    //! Gives the call object up; the server keeps what it still needs (FNF-01). Apartment thread.
    void Disconnect() noexcept override;
    //! The controlling unknown (AddRef'd into `outer`); RPC_E_DISCONNECTED once abandoned.
    HRESULT GetOuter(com_ptr<OuterObject>& outer) noexcept;
    //! True when signaled; else `watch` settles at the next signal. JavaScript thread.
    bool Watch(std::unique_ptr<SignalWatch> watch) noexcept;
    //! ISynchronize::Wait(0) without a trip to the apartment. Any thread.
    bool signaled() noexcept;

    bool TryAddRef() noexcept override { return Resident::TryAddRef(); }
    void Release() noexcept override { Resident::Release(); }
    void OnSignal() noexcept override;

private:
    friend class FinishReady;

    HRESULT CreateAlone(ICallFactory* factory, const IID& async_iid) noexcept;
    //! What Finish_ of `method` gives without being called; S_OK when it is to be called.
    HRESULT RefusalOf(const MethodSignature& method) const noexcept;
    void FinishNow(FinishOperation* operation) noexcept;
    void FinishWaiting() noexcept;

    //! Borrowed: a reference of ours through the delegating pointer would be a cycle (CALL-08).
    IUnknown* async_ = nullptr;
    IID async_iid_{};
    //! Of a call object that refuses to be aggregated: what `async_` borrows from.
    com_ptr<IUnknown> alone_;
    SignalWait signal_wait_;
    //! The synchronous slot of the open call; 0 when there is none.
    std::uint32_t open_slot_ = 0;
    BegunArguments begun_;

    SrwLock lock_;
    com_ptr<OuterObject> outer_;
    bool in_begin_ = false;
    TaskList waiting_finishes_;
    TaskList watches_;
    //! Until the call object is given up; JavaScript may hold on to what is left.
    std::optional<Counted<&Counters::calls>> counted_;
};

} // namespace callfactory
