/** What became of a row that was to be stored: storing the same again changes nothing. */
export type UpsertOutcome = "inserted" | "updated" | "unchanged";
