package dev.sluice.proxy.fuzz;

import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;

/** Takes an answer, remembers its course as text, and reads its body to the end. */
final class IgnoredAnswer implements ResponseReceiver {
    private final StringBuilder course = new StringBuilder();
    private ServerProbe.Collected body = new ServerProbe.Collected();

    @Override
    public void onInterim(ResponseHead head) {
        course.append(head).append('\n');
    }

    @Override
    public void onHead(ResponseHead head, BodySource source, boolean ended) {
        course.append(head).append(ended).append('\n');
        if (!ended) {
            body = ServerProbe.collect(source);
        }
    }

    @Override
    public void onFailed(StreamReset reset) {
        course.append(reset.cause()).append('\n');
    }

    /** What came, however it was cut. */
    String course() {
        return course.toString() + body.text + body.trailers + body.ended;
    }
}
