/** The adapters of peers of the JDK. Peers that are libraries are in {@code pm-benchmarks/peers}. */
package org.processmanager.benchmarks.peers;
