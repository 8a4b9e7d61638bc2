// Ready to type, told the same way as the app tells it.
document.querySelector('textarea').focus();
performance.mark('debrief-ready');
document.documentElement.dataset.ready = '1';
