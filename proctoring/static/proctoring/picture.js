// A picture by this PC's camera, where it has one; the file field below it always works.
const form = document.querySelector("[data-picture]");
const part = (name) => form?.querySelector(`[data-picture-${name}]`);
const [box, video, state, start, shoot] = ["box", "video", "state", "start", "take"].map(part);
const field = form?.querySelector("input[type=file]");
let stream = null;

const stop = () => { for (const track of stream?.getTracks() ?? []) track.stop(); stream = null; };
const open = async () => {
  box.hidden = false;
  start.hidden = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } } });
  } catch {
    video.hidden = true;
    state.textContent = state.dataset.denied;
    field.focus();
    return;
  }
  video.srcObject = stream;
  await video.play();
  state.textContent = state.dataset.looking;
  shoot.hidden = false;
  shoot.focus();
};
const take = async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  const files = new DataTransfer();
  files.items.add(new File([picture], "gambar.jpg", { type: "image/jpeg" }));
  field.files = files.files;
  stop();
  form.requestSubmit();
};
if (form && navigator.mediaDevices?.getUserMedia) {
  start.hidden = false;
  start.addEventListener("click", open);
  shoot.addEventListener("click", take);
  addEventListener("pagehide", stop);
}
