/** Tests of the graph itself, of what it refuses and of what it survives. */
package org.processmanager.sync.internal.graph;
