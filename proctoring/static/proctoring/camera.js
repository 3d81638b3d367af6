// Reads the card's QR code with the camera where the browser can; typing and wedge scanners always work.
const form = document.querySelector("[data-card-form]");
const button = form?.querySelector("[data-camera]");
const field = form?.querySelector("[data-card]");
const box = form?.querySelector("[data-camera-box]");

// Sixteen digits are shown in groups of four while they are typed; the server takes the spaces away.
// A wedge scanner types all of them within a blink, which no finger does: such a number was read, not typed.
let began = 0;
field?.addEventListener("input", () => {
  const now = performance.now();
  if (field.value.length <= 1) began = now;
  const read = field.value.length > 15 && began && now - began < 600;
  form.elements.namedItem("scanned").value = read ? "on" : "";
  const digits = field.value.replace(/[ .-]/g, "");
  if (!/^\d{1,16}$/.test(digits) || field.selectionStart !== field.value.length) return;
  field.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
});

const able = async () => "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia) && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
const look = async () => {
  const state = box.querySelector("[data-camera-state]");
  const video = box.querySelector("[data-camera-video]");
  box.hidden = false;
  button.hidden = true;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    state.textContent = state.dataset.denied;
    return;
  }
  state.textContent = state.dataset.looking;
  video.srcObject = stream;
  await video.play();
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  const timer = setInterval(async () => {
    const [found] = await detector.detect(video);
    if (!found) return;
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    field.value = found.rawValue;
    form.elements.namedItem("scanned").value = "on";
    form.requestSubmit();
  }, 250);
};
if (button) able().then((yes) => { if (yes) { button.hidden = false; button.addEventListener("click", look); } }).catch(() => undefined);
