import 'gocommunicator/embed';
import type {} from 'gocommunicator/react';
import { createRoot } from 'react-dom/client';
import { usePhone } from './usePhone';

const people = [
  { name: 'Bob', uri: 'sip:bob@localhost' },
  { name: 'Echo', uri: 'sip:echo@localhost' },
  { name: 'Music', uri: 'sip:music@localhost' },
];

function App() {
  const { call, ready } = usePhone();
  return (
    <main>
      <h1>Whom to call</h1>
      <ul>
        {people.map(({ name, uri }) => (
          <li key={uri}>
            <button disabled={!ready || call !== undefined} onClick={() => Arbiter.publish('jsc/call/dial', { to: uri })}>{name}</button>
          </li>
        ))}
      </ul>
      <p role="status">{call ? `${call.peer.name || call.peer.uri}: ${call.state}` : 'No call'}</p>
      {call && <button onClick={() => Arbiter.publish('jsc/call/hangup', { id: call.id })}>Hang up</button>}
      <sip-phone src="phone/" mode="docked" account="alice" />
    </main>
  );
}

const root = document.getElementById('app');
if (root) createRoot(root).render(<App />);
