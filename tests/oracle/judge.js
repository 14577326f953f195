// Reads {"expressions": [[text, answers], …], "surveys": [{"definition": …, "order": […], "answers": [{…}, …]}, …]}
// on standard input and writes what survey-core makes of them. Answers are given one by one in `order`, each only
// when its question is visible, as a person would.
const { ExpressionRunner, SurveyModel, settings } = require("survey-core");

settings.storeUtcDates = false;

function plain(value) {
  if (value instanceof Date) return [value.getFullYear(), value.getMonth() + 1, value.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  return value === undefined || (typeof value === "number" && !isFinite(value)) ? null : value;
}

function expression([text, answers]) {
  try {
    return plain(new ExpressionRunner(text).runValues(answers, {}));
  } catch (error) {
    return { error: String(error) };
  }
}

function sheet(survey, order, answers) {
  survey.clear(true, true);
  for (const name of order) {
    const question = survey.getQuestionByName(name);
    if (!question || !question.isVisible || !question.isParentVisible) continue;
    if (name in answers) survey.setValue(name, answers[name]);
    if (name + "-Comment" in answers) survey.setComment(name, answers[name + "-Comment"]);
  }
  const visible = survey.getAllQuestions().filter((q) => q.isVisible && q.isParentVisible);
  const required = visible.filter((q) => q.isRequired).map((q) => q.name);
  const values = {};
  for (const question of visible) if (question.getType() === "expression") values[question.name] = plain(question.value);
  return { visible: visible.map((q) => q.name), required, values };
}

let text = "";
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () => {
  const asked = JSON.parse(text);
  const expressions = (asked.expressions || []).map(expression);
  const surveys = (asked.surveys || []).map((s) => {
    const survey = new SurveyModel(s.definition);
    return s.answers.map((answers) => sheet(survey, s.order, answers));
  });
  process.stdout.write(JSON.stringify({ expressions, surveys }));
});
