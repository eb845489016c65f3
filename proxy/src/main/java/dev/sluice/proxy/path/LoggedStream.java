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
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import dev.sluice.proxy.snapshot.log.LogNeeds;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
                peer.local(),
                peer.serverName().orElse(""),
                peer.certificate().map(PeerCertificate::logged),
                named(needs.request(), name -> request(view, name, decided.requestId())),
                response,
                trailers);
    }

    @Override
    public ServerStream client() {
        return client;
    }

    @Override
    public BodySink respond(ResponseHead head, boolean ended) {
        response = named(needs.response(), name -> answer(head, name));
        BodySink sink = client.respond(head, ended);
        return ended || needs.trailers().isEmpty() ? sink : new LoggedSink(sink);
    }

    private static List<String> request(ExchangeView view, String name, String requestId) {
        List<? extends CharSequence> found = view.headerValues(name);
        boolean madeUp =
                found.isEmpty()
                        && !requestId.isEmpty()
                        && ClientFacts.REQUEST_ID.contentEquals(name);
        return madeUp ? List.of(requestId) : texts(found);
    }

    private static List<String> answer(ResponseHead head, String name) {
        return name.equals(":status")
                ? List.of(Integer.toString(head.status()))
                : values(head.headers(), name);
    }

    private static List<String> values(HeaderBlock fields, String name) {
        List<CharSequence> found = new ArrayList<>(1);
        for (int i = 0; i < fields.size(); i++) {
            if (name.contentEquals(fields.name(i))) {
                found.add(fields.value(i));
            }
        }
        return texts(found);
    }

    private static Map<String, List<String>> named(
            List<String> names, Function<String, List<String>> values) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> found = HashMap.newHashMap(names.size());
        for (String name : names) {
            List<String> those = values.apply(name);
            if (!those.isEmpty()) {
                found.put(name, those);
            }
        }
        return found;
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
            trailers = named(needs.trailers(), name -> values(fields, name));
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
