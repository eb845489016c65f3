package dev.sluice.proxy.outcome;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import io.netty.util.AsciiString;

/** What gRPC says in header fields (gRPC over HTTP2, PROTOCOL-HTTP2.md). Stateless. */
public final class GrpcStatus {
    private static final String CONTENT_TYPE = "application/grpc";
    private static final int OK = 0;
    private static final int DEADLINE_EXCEEDED = 4;

    private GrpcStatus() {}

    /** Whether a request with these fields is a gRPC call. */
    public static boolean isCall(HeaderBlock request) {
        CharSequence type = request.first(HeaderNames.CONTENT_TYPE);
        int length = CONTENT_TYPE.length();
        if (type == null
                || !AsciiString.regionMatches(
                        type, /* ignoreCase= */ true, 0, CONTENT_TYPE, 0, length)) {
            return false;
        }
        return type.length() == length || "+; ".indexOf(type.charAt(length)) >= 0;
    }

    /** The status in these fields; -1 when there is none or it is no number. */
    public static int in(HeaderBlock fields) {
        CharSequence text = fields.first(HeaderNames.GRPC_STATUS);
        if (text == null || text.isEmpty() || text.length() > 3) {
            return -1;
        }
        int status = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            status = 10 * status + digit;
        }
        return status;
    }

    /** What a call is told of an HTTP status (gRPC, http-grpc-status-mapping.md). */
    public static int ofHttp(int status) {
        return switch (status) {
            case 400 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503, 504 -> 14;
            default -> 2;
        };
    }

    /** The HTTP status that says of an endpoint's health what this head says of it. */
    public static int httpStatus(ResponseHead head) {
        return switch (in(head.headers())) {
            case 4 -> 504;
            case 14 -> 503;
            case 2, 13, 15 -> 500;
            case 12 -> 501;
            default -> head.status();
        };
    }

    /** What an answer with these statuses means for the arm that gave it. */
    public static Result result(int httpStatus, int grpcStatus) {
        if (httpStatus >= 500) {
            return Result.SERVER_ERROR;
        }
        if (httpStatus >= 400) {
            return Result.CLIENT_ERROR;
        }
        return switch (grpcStatus) {
            case -1, OK -> Result.SUCCESS;
            case DEADLINE_EXCEEDED -> Result.TIMEOUT;
            // UNKNOWN, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS blame the server.
            case 2, 12, 13, 14, 15 -> Result.SERVER_ERROR;
            default -> Result.CLIENT_ERROR;
        };
    }
}
