/** The plan's own words, which stand in backquotes, as code. */
export function inCode(text: string): Node[] {
  return text.split("`").map((part, index) => {
    if (index % 2 === 0) return document.createTextNode(part);
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
}
