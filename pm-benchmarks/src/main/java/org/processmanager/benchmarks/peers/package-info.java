/** Peers that come with the JDK. Those that come as libraries are in {@code pm-benchmarks/peers}. */
package org.processmanager.benchmarks.peers;
