/** Questions of real picks, and what the product answers when nothing is wrong. */
import {
  type AnsweredSong,
  ask,
  eventually,
  type Question,
  type SeededRandom,
} from "@segue/testkit";

const SEARCHES = ["the", "love", "you", "night", "one", "man", "day", "time", "all", "blue"];
const PICKS_MAX = 12;
const TIMEOUT_MS = 10_000;
const PATIENCE_MS = 30_000;

export async function pickQuestions(
  address: string,
  random: SeededRandom,
  count: number,
): Promise<Question[]> {
  const songIds = new Set<string>();
  for (const text of SEARCHES) {
    const response = await fetch(new URL(`/v1/search?q=${text}&limit=100`, address));
    const { songs } = (await response.json()) as { songs: readonly { readonly id: string }[] };
    for (const { id } of songs) songIds.add(id);
  }
  return Array.from({ length: count }, () => {
    return { songs: random.sample([...songIds], random.between(5, PICKS_MAX)), limit: 20 };
  });
}

/** Asks again where a process has only just become warm; rejects unless every answer is full. */
export async function answerAll(
  address: string,
  questions: readonly Question[],
): Promise<(readonly AnsweredSong[])[]> {
  const answers = [];
  for (const question of questions) {
    const songs = await eventually(() => fullAnswer(address, question), {
      timeoutMs: PATIENCE_MS,
      what: "a full answer of the quiet product",
    });
    answers.push(songs);
  }
  return answers;
}

async function fullAnswer(
  address: string,
  question: Question,
): Promise<readonly AnsweredSong[] | undefined> {
  const { answer, problem } = await ask(question, { address, timeoutMs: TIMEOUT_MS });
  if (answer?.receipt.level === "full") return answer.songs;
  throw new Error(`It answered ${answer?.receipt.reason ?? problem}`);
}
