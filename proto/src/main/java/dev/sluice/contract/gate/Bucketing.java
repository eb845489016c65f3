package dev.sluice.contract.gate;

/**
 * How a request becomes a bucket: {@code unsigned(XXH3_64(utf8(salt) || 0x00 || key)) mod
 * 1,000,000}. Immutable.
 *
 * @param salt shared by the gates of one seed group, and by no others
 * @param key where the key is taken from
 * @param missingKey what a request without a key gets
 */
public record Bucketing(Salt salt, KeySource key, MissingKey missingKey) {}
