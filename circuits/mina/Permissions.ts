import { Bool, Struct, UInt32 } from "o1js";
import {
  type AuthRequired,
  type PermissionName,
  permissionNames,
  userPermissions,
} from "../../protocol/index.ts";
import { type Packed, packUnsafe } from "./packUnsafe.ts";

/** How an action must be authorised. Mina's three bits; only the five combinations below stand in a ledger. */
export class Permission extends Struct({
  /** The answer does not depend on the authorisation. */
  constant: Bool,
  signatureNecessary: Bool,
  signatureSufficient: Bool,
}) {
  static of(required: AuthRequired): Permission {
    const [constant, signatureNecessary, signatureSufficient] = BITS[required];
    return new Permission({
      constant: Bool(constant),
      signatureNecessary: Bool(signatureNecessary),
      signatureSufficient: Bool(signatureSufficient),
    });
  }
}

const BITS: Record<AuthRequired, readonly [boolean, boolean, boolean]> = {
  none: [true, false, true],
  either: [false, false, true],
  proof: [false, false, false],
  signature: [false, true, true],
  impossible: [true, true, false],
};

/**
 * Whether an update without a proof may do what `permission` guards: always under "none", with a signature under
 * "either" and "signature", never under "proof" and "impossible".
 */
export function allowedWithoutProof(permission: PermissionBits, signed: Bool): Bool {
  return permission.signatureSufficient.and(permission.constant.or(signed));
}

const each = Object.fromEntries(permissionNames.map((name) => [name, Permission])) as Record<
  PermissionName,
  typeof Permission
>;

/** The thirteen permissions of an account, and the transaction version behind `setVerificationKey`. */
export class Permissions extends Struct({ ...each, setVerificationKeyTxnVersion: UInt32 }) {
  /** What a new account gets: Mina's `Permissions.user_default`. */
  static userDefault(): Permissions {
    const own = permissionNames.map((name) => [name, Permission.of(userPermissions[name])]);
    return new Permissions({
      ...(Object.fromEntries(own) as Record<PermissionName, Permission>),
      setVerificationKeyTxnVersion: UInt32.from(userPermissions.setVerificationKeyTxnVersion),
    });
  }
}

type PermissionsParts = Record<PermissionName, PermissionBits> & { setVerificationKeyTxnVersion: UInt32 };
type PermissionBits = { constant: Bool; signatureNecessary: Bool; signatureSufficient: Bool };

/** The 71 bits that stand in the account hash, as one field element. */
export function packPermissions(permissions: PermissionsParts): Packed {
  const parts: Packed[] = [];
  for (const name of permissionNames) {
    const { constant, signatureNecessary, signatureSufficient } = permissions[name];
    for (const bit of [constant, signatureNecessary, signatureSufficient]) parts.push([bit.toField(), 1]);
    if (name === "setVerificationKey") parts.push([permissions.setVerificationKeyTxnVersion.value, 32]);
  }
  return [packUnsafe(parts)[0]!, 71];
}
