package dev.sluice.proxy.exchange;

import io.netty.util.AsciiString;
import java.util.List;

/**
 * One shared instance per common header name, so that comparing names is mostly comparing
 * references. Codecs {@link #intern} every name they read; names of the configuration come {@link
 * #of} their text. Thread-safe.
 */
public final class HeaderNames {
    public static final AsciiString ACCEPT = AsciiString.cached("accept");
    public static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
    public static final AsciiString BAGGAGE = AsciiString.cached("baggage");
    public static final AsciiString CONNECTION = AsciiString.cached("connection");
    public static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    public static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    public static final AsciiString COOKIE = AsciiString.cached("cookie");
    public static final AsciiString DATE = AsciiString.cached("date");
    public static final AsciiString EXPECT = AsciiString.cached("expect");
    public static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
    public static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");
    public static final AsciiString HOST = AsciiString.cached("host");
    public static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");
    public static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    public static final AsciiString LOCATION = AsciiString.cached("location");
    public static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    public static final AsciiString SERVER = AsciiString.cached("server");
    public static final AsciiString SET_COOKIE = AsciiString.cached("set-cookie");
    public static final AsciiString TE = AsciiString.cached("te");
    public static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
    public static final AsciiString TRACESTATE = AsciiString.cached("tracestate");
    public static final AsciiString TRAILER = AsciiString.cached("trailer");
    public static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
    public static final AsciiString UPGRADE = AsciiString.cached("upgrade");
    public static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
    public static final AsciiString VIA = AsciiString.cached("via");
    public static final AsciiString X_ENVOY_ATTEMPT_COUNT =
            AsciiString.cached("x-envoy-attempt-count");
    public static final AsciiString X_ENVOY_UPSTREAM_SERVICE_TIME =
            AsciiString.cached("x-envoy-upstream-service-time");
    public static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    public static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    public static final AsciiString X_REQUEST_ID = AsciiString.cached("x-request-id");

    private static final List<String> OTHERS =
            List.of(
                    "accept-charset",
                    "accept-encoding",
                    "accept-language",
                    "accept-ranges",
                    "access-control-allow-origin",
                    "age",
                    "allow",
                    "cache-control",
                    "content-disposition",
                    "content-encoding",
                    "content-language",
                    "content-location",
                    "content-range",
                    "etag",
                    "expires",
                    "forwarded",
                    "from",
                    "grpc-accept-encoding",
                    "grpc-encoding",
                    "grpc-message",
                    "idempotency-key",
                    "if-match",
                    "if-modified-since",
                    "if-none-match",
                    "if-range",
                    "if-unmodified-since",
                    "last-modified",
                    "link",
                    "max-forwards",
                    "origin",
                    "pragma",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "range",
                    "referer",
                    "refresh",
                    "retry-after",
                    "sec-fetch-dest",
                    "sec-fetch-mode",
                    "sec-fetch-site",
                    "strict-transport-security",
                    "vary",
                    "www-authenticate",
                    "x-envoy-attempt-count",
                    "x-envoy-expected-rq-timeout-ms",
                    "x-forwarded-host",
                    "x-forwarded-port");

    private static final int SLOTS = 512;

    /** More names than a configuration has. */
    private static final int MOST_CONFIGURED = 4096;

    private static final AsciiString[] TABLE = table();

    /** Names of the configuration, by {@link #of}. */
    private static final ConfiguredNames CONFIGURED = new ConfiguredNames(MOST_CONFIGURED);

    private HeaderNames() {}

    /**
     * The octets of a name of the configuration: comparing them costs less than comparing its text.
     *
     * @param name lower-case, octets as chars (ISO-8859-1)
     */
    public static AsciiString of(String name) {
        return CONFIGURED.of(name);
    }

    /**
     * The shared instance of a name, or a new one over the given bytes.
     *
     * @param bytes lower-case; not copied, so they must not change afterwards
     */
    public static AsciiString intern(byte[] bytes, int offset, int length) {
        for (int slot = slot(bytes, offset, length); ; slot = (slot + 1) & (SLOTS - 1)) {
            AsciiString known = TABLE[slot];
            if (known == null) {
                return new AsciiString(bytes, offset, length, /* copy= */ false);
            }
            if (same(known, bytes, offset, length)) {
                return known;
            }
        }
    }

    private static int slot(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int mixed =
                length * 31
                        + bytes[offset] * 7
                        + bytes[offset + length - 1] * 131
                        + bytes[offset + length / 2] * 17;
        return mixed & (SLOTS - 1);
    }

    private static boolean same(AsciiString known, byte[] bytes, int offset, int length) {
        if (known.length() != length) {
            return false;
        }
        byte[] name = known.array();
        int start = known.arrayOffset();
        for (int i = 0; i < length; i++) {
            if (name[start + i] != bytes[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private static AsciiString[] table() {
        AsciiString[] table = new AsciiString[SLOTS];
        List<AsciiString> constants =
                List.of(
                        ACCEPT,
                        AUTHORIZATION,
                        BAGGAGE,
                        CONNECTION,
                        CONTENT_LENGTH,
                        CONTENT_TYPE,
                        COOKIE,
                        DATE,
                        EXPECT,
                        GRPC_STATUS,
                        GRPC_TIMEOUT,
                        HOST,
                        HTTP2_SETTINGS,
                        KEEP_ALIVE,
                        LOCATION,
                        PROXY_CONNECTION,
                        SERVER,
                        SET_COOKIE,
                        TE,
                        TRACEPARENT,
                        TRACESTATE,
                        TRAILER,
                        TRANSFER_ENCODING,
                        UPGRADE,
                        USER_AGENT,
                        VIA,
                        X_ENVOY_ATTEMPT_COUNT,
                        X_ENVOY_UPSTREAM_SERVICE_TIME,
                        X_FORWARDED_FOR,
                        X_FORWARDED_PROTO,
                        X_REQUEST_ID);
        constants.forEach(name -> put(table, name));
        OTHERS.forEach(name -> put(table, AsciiString.cached(name)));
        return table;
    }

    private static void put(AsciiString[] table, AsciiString name) {
        int slot = slot(name.array(), name.arrayOffset(), name.length());
        while (table[slot] != null) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        table[slot] = name;
    }
}
