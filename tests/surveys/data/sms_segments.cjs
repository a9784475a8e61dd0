// Counts each text of a JSON list on standard input as Twilio's own calculator does.
const { createRequire } = require("node:module");
const { SegmentedMessage } = createRequire(process.argv[2] + "/")("sms-segments-calculator");
const texts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const counted = texts.map((text) => {
  const message = new SegmentedMessage(text);
  return [message.encodingName, message.messageSize, message.segmentsCount];
});
process.stdout.write(JSON.stringify(counted));
