/** Whether there is one column only: on a phone, or where the page is magnified. The style sheets have the same bound. */
export const isNarrow = () => matchMedia("(max-width: 60rem)").matches;
