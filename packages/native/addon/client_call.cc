#include "client_call.h"

#include "hresult.h"

#include <mutex>

namespace callfactory {

//! Carries a signal to the apartment, where finishes wait for it.
class FinishReady final : public Task {
public:
    explicit FinishReady(com_ptr<ClientCall> call) noexcept
        : call_(std::move(call))
    {
    }

    void Run() noexcept override
    {
        call_->FinishWaiting();
        delete this;
    }

    // The apartment ends and disconnects the call: that settles its finishes.
    void Abandon(HRESULT) noexcept override { delete this; }

private:
    com_ptr<ClientCall> call_;
};

ClientCall::ClientCall(std::shared_ptr<Apartment> apartment) noexcept
    : Resident(std::move(apartment))
    , counted_(std::in_place)
{
}

ClientCall::~ClientCall()
{
    if (outer_)
        outer_->Forget();
    while (Task* watch = watches_.Pop())
        watch->Abandon(RPC_E_DISCONNECTED);
}

HRESULT ClientCall::Create(IUnknown* server, const IID& async_iid, IUnknown* hooks) noexcept
{
    async_iid_ = async_iid;
    com_ptr<ICallFactory> factory;
    RETURN_IF_FAILED(server->QueryInterface(__uuidof(ICallFactory), factory.put_void()));
    // Ours from the start: also a server that fails may have kept it, and signal it later.
    outer_ = make_counted<OuterObject>(*this);
    RETURN_HR_IF(E_OUTOFMEMORY, !outer_);
    if (hooks != nullptr) {
        com_ptr<ISynchronize> synchronize;
        RETURN_IF_FAILED(hooks->QueryInterface(__uuidof(ISynchronize), synchronize.put_void()));
        outer_->Hook(std::move(synchronize));
    }
    com_ptr<IUnknown> inner;
    const HRESULT hr
        = factory->CreateCall(async_iid, outer_->unknown(), __uuidof(IUnknown), inner.put());
    if (FAILED(hr))
        return SUCCEEDED(CreateAlone(factory.get(), async_iid)) ? S_OK : hr;
    RETURN_HR_IF(E_UNEXPECTED, !inner);
    com_ptr<IUnknown> async;
    RETURN_IF_FAILED(inner->QueryInterface(async_iid, async.put_void()));
    com_ptr<IUnknown> identity;
    RETURN_IF_FAILED(async->QueryInterface(__uuidof(IUnknown), identity.put_void()));
    // A server that ignores the outer object would signal past us.
    RETURN_HR_IF(CLASS_E_NOAGGREGATION, identity.get() != outer_->unknown());
    outer_->Adopt(std::move(inner));
    async_ = async.get();
    return S_OK;
}

//! A factory may refuse aggregation: the call object then keeps its own identity, and an event of
//! its own tells the outer object (CALL-11).
HRESULT ClientCall::CreateAlone(ICallFactory* factory, const IID& async_iid) noexcept
{
    com_ptr<IUnknown> call;
    RETURN_IF_FAILED(factory->CreateCall(async_iid, nullptr, async_iid, call.put()));
    RETURN_HR_IF(E_UNEXPECTED, !call);
    RETURN_IF_FAILED(signal_wait_.Attach(call.get()));
    com_ptr<IUnknown> identity;
    RETURN_IF_FAILED(call->QueryInterface(__uuidof(IUnknown), identity.put_void()));
    outer_->Adopt(std::move(identity));
    async_ = call.get();
    alone_ = std::move(call);
    return S_OK;
}

HRESULT ClientCall::GetOuter(com_ptr<OuterObject>& outer) noexcept
{
    std::lock_guard guard(lock_);
    outer = outer_;
    return outer ? S_OK : RPC_E_DISCONNECTED;
}

HRESULT ClientCall::Begin(CallFrame& frame) noexcept
{
    RETURN_HR_IF(RPC_S_CALLPENDING, open_slot_ != 0);
    com_ptr<OuterObject> outer;
    RETURN_IF_FAILED(GetOuter(outer));
    // What the server does of itself (BEG-09), also for one that does not.
    outer->ResetOwn();
    {
        std::lock_guard guard(lock_);
        in_begin_ = true;
    }
    HRESULT begin_hr = S_OK;
    RETURN_IF_FAILED(frame.Invoke(apartment(), async_, begin_hr));
    RETURN_IF_FAILED(begin_hr);
    open_slot_ = frame.method().sync_slot;
    begun_ = frame.arguments();
    return signal_wait_.attached() ? signal_wait_.Arm(outer.get()) : S_OK;
}

void ClientCall::AfterBegin() noexcept
{
    TaskList watches;
    {
        std::lock_guard guard(lock_);
        in_begin_ = false;
        if (outer_ && outer_->signaled())
            watches = watches_.Take();
    }
    while (Task* watch = watches.Pop())
        watch->Run();
}

HRESULT ClientCall::RefusalOf(const MethodSignature& method) const noexcept
{
    RETURN_HR_IF(RPC_E_CALL_COMPLETE, open_slot_ == 0);
    // The other method's call goes on undisturbed (FIN-07).
    RETURN_HR_IF(E_INVALIDARG, open_slot_ != method.sync_slot);
    return S_OK;
}

void ClientCall::Finish(FinishOperation* operation) noexcept
{
    if (SUCCEEDED(RefusalOf(operation->frame_->method()))) {
        std::lock_guard guard(lock_);
        if (outer_ && !outer_->signaled())
            return waiting_finishes_.Push(operation);
    }
    FinishNow(operation);
}

void ClientCall::FinishNow(FinishOperation* operation) noexcept
{
    CallFrame& frame = *operation->frame_;
    operation->method_hr_ = RefusalOf(frame.method());
    if (FAILED(operation->method_hr_))
        return operation->Settle(S_OK);
    com_ptr<OuterObject> outer;
    HRESULT hr = GetOuter(outer);
    if (SUCCEEDED(hr)) {
        frame.Continue(begun_);
        hr = frame.Invoke(apartment(), async_, operation->method_hr_);
        if (SUCCEEDED(hr) && FAILED(operation->method_hr_))
            frame.CollectError(async_, async_iid_);
    }
    // A call object may say that it has not finished after all (FIN-04).
    if (SUCCEEDED(hr) && operation->method_hr_ != RPC_S_CALLPENDING)
        open_slot_ = 0;
    operation->Settle(hr);
}

void ClientCall::FinishWaiting() noexcept
{
    TaskList ready;
    {
        std::lock_guard guard(lock_);
        ready = waiting_finishes_.Take();
    }
    while (Task* operation = ready.Pop())
        FinishNow(static_cast<FinishOperation*>(operation));
}

bool ClientCall::signaled() noexcept
{
    std::lock_guard guard(lock_);
    return outer_ && outer_->signaled();
}

bool ClientCall::Watch(std::unique_ptr<SignalWatch> watch) noexcept
{
    {
        std::lock_guard guard(lock_);
        if (outer_ && !in_begin_ && outer_->signaled())
            return true;
        if (outer_) {
            watches_.Push(watch.release());
            return false;
        }
    }
    watch.release()->Abandon(RPC_E_DISCONNECTED);
    return false;
}

void ClientCall::OnSignal() noexcept
{
    TaskList watches;
    bool finish = false;
    {
        std::lock_guard guard(lock_);
        // JavaScript hears of Begin_ first, also when the server signals inside it (BEG-12).
        if (!in_begin_)
            watches = watches_.Take();
        finish = !waiting_finishes_.empty();
    }
    while (Task* watch = watches.Pop())
        watch->Run();
    if (!finish)
        return;
    if (auto* ready = new (std::nothrow) FinishReady(com_ptr<ClientCall>(this)))
        apartment().Post(ready);
}

void ClientCall::Disconnect() noexcept
{
    com_ptr<OuterObject> outer;
    TaskList late;
    TaskList watches;
    {
        std::lock_guard guard(lock_);
        outer = std::move(outer_);
        late = waiting_finishes_.Take();
        watches = watches_.Take();
    }
    signal_wait_.Disarm();
    async_ = nullptr;
    alone_.reset();
    open_slot_ = 0;
    counted_.reset();
    while (Task* operation = late.Pop())
        operation->Abandon(RPC_E_DISCONNECTED);
    while (Task* watch = watches.Pop())
        watch->Abandon(RPC_E_DISCONNECTED);
    if (outer)
        outer->Forget();
}

} // namespace callfactory
