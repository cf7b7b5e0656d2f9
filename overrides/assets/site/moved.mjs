// On the page at an address that has moved: takes along what stands behind # in it, which the page itself cannot.

const link = document.querySelector("main a");
if (location.hash) location.replace(Object.assign(new URL(link.href), { hash: location.hash }));
