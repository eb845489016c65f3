package dev.sluice.chaos.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalInt;

/**
 * A step to some elements, counted as jsonpath2 counts: an end that is before the beginning is not
 * cut off, and what it then says is an element from the end. Immutable.
 *
 * @param first 0 when it is not given
 * @param end the first that is not reached; the number of elements when it is not given
 * @param stride not 0
 */
record Slice(OptionalInt first, OptionalInt end, int stride) implements Step {
    @Override
    public void from(JsonNode document, JsonNode node, List<JsonNode> found) {
        if (!node.isArray()) {
            return;
        }
        int size = node.size();
        long at = first.isPresent() ? begin(first.getAsInt(), size) : 0;
        long stop = end.isPresent() ? end(end.getAsInt(), size) : size;
        if (stride < 0 && at >= size) {
            long stride = -(long) this.stride;
            at -= (at - size + stride) / stride * stride;
        }
        for (;
                stride > 0 ? at < Math.min(stop, size) : at > Math.max(stop, -size - 1L);
                at += stride) {
            Step.element((int) at).from(document, node, found);
        }
    }

    private static long begin(int first, int size) {
        return first >= 0 ? first : Math.max(0L, (long) first + size);
    }

    private static long end(int end, int size) {
        return end >= 0 ? end : (long) end + size;
    }
}
