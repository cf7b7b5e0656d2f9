/** What went wrong, as a `kind`: one word for which each page has its own sentence. */
export class Trouble extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

export const TRY_AGAIN = "Try again";
