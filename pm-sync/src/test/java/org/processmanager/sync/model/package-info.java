/** The protocols of this module as small transition systems, explored state by state with a death possible at each step. */
package org.processmanager.sync.model;
