// The element in React's JSX.
import type {} from 'gocommunicator/react';
import type { SIPPhoneElement } from 'gocommunicator/embed';

export const docked = <sip-phone mode="docked" src="/phone/" id="phone" onClick={() => undefined} />;
export const held = <sip-phone ref={(phone: SIPPhoneElement | null) => phone?.publish('jsc/ua/state')} />;
// @ts-expect-error: no such mode
export const nowhere = <sip-phone mode="upside-down" />;
// @ts-expect-error: no such attribute
export const unknown = <sip-phone number="1" />;
