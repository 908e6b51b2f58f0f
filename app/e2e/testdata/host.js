// A page of JSCommunicator's time around the phone: jQuery, and what it knows of the
// phone by topics alone.
jQuery(function ($) {
  var contacts = $('#contacts');
  var events = $('#events');

  // Every topic, those of two levels and of three, as pages of that time asked for them.
  Arbiter.subscribe(['jsc/*', 'jsc/*/*'], function (data, topic) {
    var row = $('<tr>').appendTo(events);
    $('<td>').text(topic).appendTo(row);
    var cell = $('<td>').appendTo(row);
    if (topic === 'jsc/call/incoming' || topic === 'jsc/call/outgoing') {
      $('<a href="#" class="redial">').text(data).appendTo(cell).click(function () {
        Arbiter.publish('jsc/destination/set', data);
        return false;
      });
    } else if (data !== null) {
      cell.text(typeof data === 'string' ? data : JSON.stringify(data));
    }
  });

  Arbiter.subscribe('jsc/ua/notready, jsc/ua/incall', function () {
    contacts.attr('disabled', 'disabled');
  });
  Arbiter.subscribe('jsc/ua/idle', function () {
    contacts.removeAttr('disabled');
  });
  contacts.change(function () {
    Arbiter.publish('jsc/destination/set', contacts.val());
  });

  // Keys and links of the page are still its own.
  window.host = { keys: '', scrolled: 0 };
  $(document).keydown(function (e) { window.host.keys += e.key; });
  $('#down').click(function () { window.host.scrolled++; });
});
