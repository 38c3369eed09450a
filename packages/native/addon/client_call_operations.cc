#include "client_call.h"

#include <utility>

namespace callfactory {

BeginOperation::BeginOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    com_ptr<ClientCall> call, std::unique_ptr<CallFrame> frame) noexcept
    : Operation(std::move(settler), ticket)
    , call_(std::move(call))
    , frame_(std::move(frame))
{
}

void BeginOperation::Run() noexcept
{
    const com_ptr<ClientCall> call = call_;
    Settle(Execute());
    call->AfterBegin();
}

HRESULT BeginOperation::Execute() noexcept { return call_->Begin(*frame_); }

FinishOperation::FinishOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    com_ptr<ClientCall> call, std::unique_ptr<CallFrame> frame) noexcept
    : Operation(std::move(settler), ticket)
    , call_(std::move(call))
    , frame_(std::move(frame))
{
}

void FinishOperation::Run() noexcept
{
    const com_ptr<ClientCall> call = call_;
    call->Finish(this);
}

HRESULT FinishOperation::Execute() noexcept { return E_UNEXPECTED; }

} // namespace callfactory
