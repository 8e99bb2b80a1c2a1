/** Where the fields of some rows lie in the bytes that hold them. */
export interface FieldPlaces {
  /** Of row r, field f: at r * fieldsPerRow + f. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly fieldsPerRow: number;
}

export function makeFieldPlaces(rows: number, fieldsPerRow: number): FieldPlaces {
  return {
    starts: new Int32Array(rows * fieldsPerRow),
    ends: new Int32Array(rows * fieldsPerRow),
    fieldsPerRow,
  };
}
