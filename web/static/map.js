window.tempuse = { attach: function (map, options) { console.log(map, options); } };
