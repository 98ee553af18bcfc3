"""Language models behind OpenAI's interface: OpenAI's own, Gemini's, Ollama, vLLM."""
