/** Every assertion text of DaGas. A prover that breaks a rule reports it in `CIRCUIT_REFUSED`. */
export const GasErrors = {
  recipientTooLarge: "zeko-gas: the recipient has more than 160 bits",
  noRecipient: "zeko-gas: the recipient is the zero address",
  tooLittle: "zeko-gas: less than the least amount",
  deployUnused: "zeko-gas: deploy with deployGas, which sets key and permissions in one transaction",
} as const;
