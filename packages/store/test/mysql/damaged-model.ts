/**
 * Changes one byte of the weights in the database, and changes it back: in the middle, where the
 * song matrix lies, which the first and the last stage need.
 */
import { createConnection } from "mysql2/promise";

const FLIP =
  "update model_chunks set content = concat(char(ascii(content) ^ 255), substr(content, 2)) " +
  "where chunk_index = (select middle from (select floor(max(chunk_index) / 2) as middle from model_chunks) as chunks)";

/** The same again mends it. */
export async function flipWeightByte(databaseUrl: string): Promise<void> {
  const connection = await createConnection(databaseUrl);
  try {
    await connection.query(FLIP);
  } finally {
    await connection.end();
  }
}
