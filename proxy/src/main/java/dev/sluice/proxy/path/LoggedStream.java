package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.PeerCertificate;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.WrappedStream;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.operator.NamedFields;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import dev.sluice.proxy.snapshot.log.LogNeeds;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A client's stream whose answer is looked at on its way, for access logs: the fields that they ask
 * for are copied while the head and the trailers pass. It exists only where a listener has logs.
 * Loop-owned.
 */
final class LoggedStream implements WrappedStream {
    private final ServerStream client;
    private final List<AccessLogSpec> logs;
    private final LogNeeds needs;
    private Map<String, List<String>> response = Map.of();
    private Map<String, List<String>> trailers = Map.of();

    /**
     * @param needs what {@code logs} ask for
     */
    LoggedStream(ServerStream client, List<AccessLogSpec> logs, LogNeeds needs) {
        this.client = client;
        this.logs = logs;
        this.needs = needs;
    }

    /** What the logs get to know, once nothing more can happen to the exchange. */
    LogFacts facts(Decided decided) {
        Peer peer = client.peer();
        RequestHead head =
                decided.plan() instanceof Plan.Forward forward
                        ? forward.target().head()
                        : client.request();
        ExchangeView view = new ExchangeView(head, head.path(), peer);
        return new LogFacts(
                logs,
                peer.ends(),
                peer.serverName().orElse(""),
                peer.certificate().map(PeerCertificate::logged),
                NamedFields.of(
                        needs.request(), name -> texts(request(view, name, decided.requestId()))),
                response,
                trailers);
    }

    @Override
    public ServerStream client() {
        return client;
    }

    @Override
    public BodySink respond(ResponseHead head, boolean ended) {
        response = NamedFields.of(needs.response(), name -> answer(head, name));
        BodySink sink = client.respond(head, ended);
        return ended || needs.trailers().isEmpty() ? sink : new LoggedSink(sink);
    }

    /** Values of a request's fields, octets; its id is what the upstream is told. */
    static List<? extends CharSequence> request(ExchangeView view, String name, String requestId) {
        return !requestId.isEmpty() && ClientFacts.REQUEST_ID.contentEquals(name)
                ? List.of(requestId)
                : view.headerValues(name);
    }

    private static List<String> answer(ResponseHead head, String name) {
        return name.equals(":status")
                ? List.of(Integer.toString(head.status()))
                : texts(NamedFields.in(head.headers(), name));
    }

    private static List<String> texts(List<? extends CharSequence> values) {
        return values.stream().map(LoggedStream::text).toList();
    }

    /** One char is one byte of the wire; most clients mean UTF-8. */
    private static String text(CharSequence value) {
        String bytes = value.toString();
        return bytes.chars().allMatch(c -> c < 0x80)
                ? bytes
                : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Copies fields out of the trailers. */
    private final class LoggedSink implements BodySink {
        private final BodySink sink;

        LoggedSink(BodySink sink) {
            this.sink = sink;
        }

        @Override
        public void data(ByteBuf data, boolean last) {
            sink.data(data, last);
        }

        @Override
        public void trailers(HeaderBlock fields) {
            trailers =
                    NamedFields.of(needs.trailers(), name -> texts(NamedFields.in(fields, name)));
            sink.trailers(fields);
        }

        @Override
        public void reset(StreamReset reset) {
            sink.reset(reset);
        }

        @Override
        public boolean isWritable() {
            return sink.isWritable();
        }

        @Override
        public void onWritable(Runnable callback) {
            sink.onWritable(callback);
        }
    }
}
