export {
  type Account,
  type AuthRequired,
  accountIdKey,
  isEmptyKey,
  MINA_TOKEN,
  type PermissionName,
  type Permissions,
  permissionNames,
  type Timing,
  userPermissions,
  type ZkappState,
} from "./account.ts";
export { base58Versions, fromBase58, fromLittleEndian, littleEndian, toBase58 } from "./base58.ts";
export {
  type BatchHeader,
  type BatchPlace,
  batchId,
  batchMessage,
  commitmentOf,
  headerMessage,
  signHeader,
  verifyHeader,
} from "./batchHeader.ts";
export { ByteReader, ByteWriter, flagsByte } from "./bytes.ts";
export {
  type Attestation,
  type Certificate,
  type CertificateJson,
  certificateFromJson,
  certificateToJson,
  verifyCertificate,
} from "./certificate.ts";
export { chunkCount, chunkLength, chunkRoot, chunksOf, joinChunks, pairUp } from "./chunks.ts";
export { checkCallDepths, commandFromJson } from "./command/commandFromJson.ts";
export {
  commandToJson,
  MINA_TOKEN_BASE58,
  updateToJson,
  type ZkappCommandJson,
} from "./command/commandToJson.ts";
export { ANY, DUMMY_VERIFICATION_KEY_HASH, neutralBody } from "./command/neutralBody.ts";
export {
  type AccountUpdate,
  type FeePayer,
  type Interval,
  isMemo,
  type MayUseToken,
  MEMO_BYTES,
  type ZkappCommand,
} from "./command/ZkappCommand.ts";
export { decompress, isNonzeroSquare, type Point, squareRoot } from "./curve.ts";
export { dataRoot, dataRootOfChunks } from "./dataRoot.ts";
export { CertificateError, certificateFaults } from "./errors/CertificateError.ts";
export { CommandError, commandFaults } from "./errors/CommandError.ts";
export { FieldError, fieldFaults } from "./errors/FieldError.ts";
export { GasError, gasFaults } from "./errors/GasError.ts";
export { GenesisError, genesisFaults } from "./errors/GenesisError.ts";
export { PayloadError, payloadFaults } from "./errors/PayloadError.ts";
export { RotationError, rotationFaults } from "./errors/RotationError.ts";
export { ValidatorSetError, validatorSetFaults } from "./errors/ValidatorSetError.ts";
export {
  type Catalogue,
  codeOf,
  errorClass,
  type FaultEntry,
  type Remedy,
  ZekoError,
} from "./errors/ZekoError.ts";
export {
  FIELD_BYTES,
  FIELD_MODULUS,
  field,
  fromBytes32,
  mod,
  power,
  SCALAR_MODULUS,
  scalar,
  splitDigest,
  toBytes32,
  unsigned,
} from "./field.ts";
export { gasAccountPermissions } from "./gas/gasAccountPermissions.ts";
export {
  checkedGasLock,
  type GasLock,
  gasLockFields,
  gasLockFromFields,
  gasRecipient,
} from "./gas/gasLock.ts";
export { type GasDomain, type GasTotal, gasDomainHash, gasMessage } from "./gas/gasMessage.ts";
export {
  type Allocation,
  allocated,
  type Delays,
  domainOf,
  type GasDeployment,
  type Genesis,
  type GenesisJson,
  gasDomainOf,
  genesisFromJson,
  genesisHash,
  rollupId,
} from "./genesis.ts";
export { INNER_KEY } from "./innerKey.ts";
export {
  CELL_BYTES,
  CHUNK_BYTES,
  DATA_SCHEME,
  GAS_UNITS_PER_NANOMINA,
  LEDGER_DEPTH,
  MAP_DEPTH,
  MAX_BLOCKS,
  MAX_CHUNKS,
  MAX_COMMANDS,
  MAX_DATA_BYTES,
  MAX_DECODED_BYTES,
  MAX_SUPPLY,
  MAX_UPDATES,
  MAX_VALIDATORS,
  MIN_GAS_LOCK,
  NONCE_BASE,
  STATE_FIELDS,
} from "./limits.ts";
export {
  contextHash,
  delaysHash,
  type Governance,
  governanceHash,
  type LandingWindow,
  type LedgerConstants,
  landingWindow,
  ledgerConstants,
  type OuterState,
  type OwedSlot,
  outerAfterCommit,
  outerAfterRotation,
  outerAtGenesis,
  outerFields,
  owedSlotHash,
  rotationWindow,
  type Status,
  statusHash,
  type ValidatorEpochs,
  validatorEpochsHash,
} from "./outerState.ts";
export { readAccount, writeAccount } from "./payload/accountCodec.ts";
export { readCommand, readKey, writeCommand, writeKey } from "./payload/commandCodec.ts";
export type { AccountChange, Block, Payload } from "./payload/Payload.ts";
export {
  announcedLength,
  decodePayload,
  type EncodedPayload,
  encodePayload,
  PAYLOAD_VERSION,
  payloadDecoder,
} from "./payload/payloadCodec.ts";
export { readState, writeState } from "./payload/stateCodec.ts";
export { type Payout, payoutMessage } from "./payout.ts";
export {
  absorb,
  hash,
  type Permutation,
  permute,
  permuteReference,
  poseidonIsNative,
  type SpongeState,
  saltedState,
  tagToField,
} from "./poseidon.ts";
export {
  checkedPublicKey,
  comparePublicKeys,
  EMPTY_KEY,
  isOnCurve,
  type PublicKey,
  publicKeyFields,
  publicKeyFromBase58,
  publicKeyToBase58,
  samePublicKey,
} from "./publicKey.ts";
export { L1_CREATION_FEE, MAX_UINT32, MAX_UINT64, NANOMINA } from "./quantities.ts";
export { renewalMessage } from "./renewalMessage.ts";
export {
  checkedSuccessor,
  mirroredMessage,
  possessionMessage,
  type Rotation,
  type RotationKind,
  type RotationStanding,
  type RotationTerms,
  rotationKinds,
  rotationMessage,
  rotationStanding,
  termsOf,
} from "./rotation.ts";
export { type RotationJson, rotationFromJson, rotationToJson } from "./rotationFile.ts";
export {
  checkedSignature,
  publicKeyOf,
  type Signature,
  signatureFromBase58,
  signatureToBase58,
  signFields,
  verifyFields,
} from "./signature.ts";
export {
  attestationMessage,
  type Commitment,
  cursorHash,
  type Domain,
  domainHash,
  type State,
  type Statement,
  stateCoreHash,
  stateHash,
  statementHash,
} from "./state.ts";
export { type Tag, tags } from "./tags.ts";
export {
  checkedValidatorSet,
  defaultThreshold,
  totalWeight,
  type Validator,
  type ValidatorSet,
  validatorSetHash,
} from "./validatorSet.ts";
