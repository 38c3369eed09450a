export type { NativeCounters } from "./addon.ts";
export { AddonLoadError, type AddonLoadErrorCode } from "./load-addon.ts";
export {
  createNativeBackend,
  type NativeBackend,
  type NativeBackendOptions,
} from "./native-backend.ts";
