/** Names the browser's tab for as long as a page is in view. */
import { useEffect } from "react";

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title]);
}
