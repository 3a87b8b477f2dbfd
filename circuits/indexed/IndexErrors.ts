/** Every assertion text of the index program. A prover that breaks a rule reports it in `CIRCUIT_REFUSED`. */
export const IndexErrors = {
  wrongSource: "zeko-index: the range does not start at the given state",
  wrongTarget: "zeko-index: the range does not end at the resulting state",
  lowNotInMap: "zeko-index: the lower neighbour does not stand in the map",
  keyNotAboveLow: "zeko-index: the key is not above its lower neighbour's",
  keyNotBelowNext:
    "zeko-index: the key is not below the next one: it is there already, or the neighbour is wrong",
  placeNotEmpty: "zeko-index: the place at the map's length is not empty",
  gap: "zeko-index: the two ranges do not meet",
} as const;
