import type { CallState, LinkState, PublishedTopics } from 'gocommunicator/embed';
import { useEffect, useState } from 'react';

/** The last data of a topic of the phone, and undefined before the first. */
export function useTopic<T extends keyof PublishedTopics>(topic: T): PublishedTopics[T] | undefined {
  const [data, setData] = useState<PublishedTopics[T]>();
  useEffect(() => {
    const hear = (told: unknown) => setData(() => told as PublishedTopics[T]);
    const id = Arbiter.subscribe<string>(topic, hear);
    return () => {
      Arbiter.unsubscribe(id);
    };
  }, [topic]);
  return data;
}

/** The call that goes on, if any, and whether one can be made. */
export function usePhone(): { call: CallState | undefined; ready: boolean } {
  const call = useTopic('jsc/call/state');
  const link: LinkState | undefined = useTopic('jsc/link/state');
  const over = call?.state === 'ended' || call?.state === 'failed';
  return { call: over ? undefined : call, ready: link?.state === 'up' };
}
