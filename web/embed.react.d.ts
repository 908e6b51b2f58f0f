// Types of <sip-phone> for React's JSX; those of the rest are in embed.d.ts.
//
//   import type {} from 'gocommunicator/react';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { SIPPhoneAttributes, SIPPhoneElement } from './embed';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'sip-phone': DetailedHTMLProps<HTMLAttributes<SIPPhoneElement>, SIPPhoneElement> & SIPPhoneAttributes;
    }
  }
}
