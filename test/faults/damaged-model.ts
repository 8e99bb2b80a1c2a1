/** Changes one byte of the weights in the database, and changes it back. */
import { createConnection } from "mysql2/promise";

const FLIP =
  "update model_chunks set content = concat(char(ascii(content) ^ 255), substr(content, 2)) " +
  "where chunk_index = (select last from (select max(chunk_index) as last from model_chunks) as chunks)";

/** The same again mends it. */
export async function flipWeightByte(databaseUrl: string): Promise<void> {
  const connection = await createConnection(databaseUrl);
  try {
    await connection.query(FLIP);
  } finally {
    await connection.end();
  }
}
