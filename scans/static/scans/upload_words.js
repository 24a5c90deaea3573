// The page's words, and its numbers in the language of the page.

const language = document.documentElement.lang || "en";
const words = new Map([...document.querySelectorAll("#words [data-word]")].map((one) => [one.dataset.word, one.textContent]));

export function word(name, values = {}) {
  return (words.get(name) ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export function number(value) {
  return new Intl.NumberFormat(language).format(value);
}

export function percent(part) {
  return new Intl.NumberFormat(language, { style: "percent" }).format(part);
}

export function size(bytes) {
  const [unit, divisor] = bytes < 1e3 ? ["byte", 1] : bytes < 1e6 ? ["kilobyte", 1e3] : bytes < 1e9 ? ["megabyte", 1e6] : ["gigabyte", 1e9];
  const value = bytes / divisor;
  const maximumFractionDigits = value < 10 && divisor > 1 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits }).format(value);
}

export function duration(seconds) {
  const [unit, value] = seconds < 90 ? ["second", Math.max(Math.ceil(seconds), 1)] : ["minute", Math.ceil(seconds / 60)];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

export function sentence(status) {
  if (status === 0) return word("no-answer");
  return word(status === 401 || status === 403 ? "logged-out" : "wrong");
}

// "12 MB a second, 8 seconds left"; empty while nothing can be said.
export function rate(speed, left) {
  return speed > 0 ? word("rate", { speed: size(speed), left: duration(left / speed) }) : "";
}
